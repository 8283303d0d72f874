"""The console's pages, one module each."""

from fastapi import APIRouter

from console.api import (
    contracts,
    dead_letters,
    fault_injection,
    outbox_inbox,
    overview,
    quarantine,
    reviews,
    saga,
    sagas,
    shop,
    signing_in,
)

router = APIRouter()
for part in (
    signing_in,
    overview,
    sagas,
    saga,
    reviews,
    shop,
    dead_letters,
    quarantine,
    outbox_inbox,
    fault_injection,
    contracts,
):
    router.include_router(part.router)
