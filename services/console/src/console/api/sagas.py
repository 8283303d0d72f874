"""Every saga, newest first."""

from fastapi import APIRouter, Request, Response

from console.pages import page

router = APIRouter()


@router.get("/sagas")
async def browse(request: Request) -> Response:
    return await page(request, "sagas.html")
