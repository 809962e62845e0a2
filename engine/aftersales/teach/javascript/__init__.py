"""The policy compiled to one plain JavaScript module, for pages that decide without a server."""

from aftersales.teach.javascript.module import compile_module, engine_text

__all__ = ["compile_module", "engine_text"]
