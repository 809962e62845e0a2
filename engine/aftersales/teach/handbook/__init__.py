"""The handbook of a policy: what an agent reads before the first case, as PDF or as one HTML page."""

from aftersales.teach.handbook.making import handbook_html, handbook_pdf

__all__ = ["handbook_html", "handbook_pdf"]
