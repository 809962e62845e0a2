"""Pictures of a policy: its flows, how they hang together, and the path of one case."""

from aftersales.draw.dot import dot_text
from aftersales.draw.mermaid import mermaid_text
from aftersales.draw.pictures import draw_flow, draw_overview, draw_path, drawable

__all__ = ["dot_text", "draw_flow", "draw_overview", "draw_path", "drawable", "mermaid_text"]
