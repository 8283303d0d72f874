"""The console's pages, one module each."""

from fastapi import APIRouter

from console.api import sagas, signing_in

router = APIRouter()
for part in (signing_in, sagas):
    router.include_router(part.router)
