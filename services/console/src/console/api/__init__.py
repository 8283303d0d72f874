"""The console's pages, one module each."""

from fastapi import APIRouter

from console.api import boxes, breaking, contracts, dead_letters, overview, saga, sagas, shop, signing_in

router = APIRouter()
for part in (signing_in, overview, sagas, saga, shop, dead_letters, boxes, breaking, contracts):
    router.include_router(part.router)
