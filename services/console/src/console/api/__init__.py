"""The console's pages, one module each."""

from fastapi import APIRouter

from console.api import breaking, saga, sagas, shop, signing_in

router = APIRouter()
for part in (signing_in, sagas, saga, shop, breaking):
    router.include_router(part.router)
