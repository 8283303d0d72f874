"""The console's pages, one module each."""

from fastapi import APIRouter

from console.api import (
    contracts,
    dead_letters,
    fault_injection,
    logs,
    outbox_inbox,
    overview,
    processes,
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
    processes,
    logs,
    contracts,
):
    router.include_router(part.router)
