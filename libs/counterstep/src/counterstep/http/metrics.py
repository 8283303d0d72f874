"""`GET /metrics`, for Prometheus."""

from fastapi import APIRouter, Request, Response

router = APIRouter(tags=["metrics"])


@router.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """Every metric of this process, as Prometheus' text or as OpenMetrics. It answers without the database too."""
    state = request.app.state
    body, content_type = state.exposition.rendered(
        await state.vitals.measured(), accept=request.headers.get("accept", "")
    )
    return Response(body, media_type=content_type)
