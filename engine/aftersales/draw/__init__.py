"""Pictures of a policy: its flows, how they hang together, and the path of one case."""

from aftersales.draw.dot import dot_text
from aftersales.draw.from_policy import Atlas
from aftersales.draw.mermaid import mermaid_text
from aftersales.draw.pictures import (
    Picture,
    draw_all,
    draw_flow,
    draw_overview,
    draw_pages,
    draw_path,
    draw_path_pages,
    drawable,
    drawn_flows,
    flow_atlas,
    flow_pictures,
    paged,
)

__all__ = [
    "Atlas",
    "Picture",
    "dot_text",
    "draw_all",
    "draw_flow",
    "draw_overview",
    "draw_pages",
    "draw_path",
    "draw_path_pages",
    "drawable",
    "drawn_flows",
    "flow_atlas",
    "flow_pictures",
    "mermaid_text",
    "paged",
]
