"""Millions of cases at once: a policy over columns of facts, as array operations and as one SQL text."""

from __future__ import annotations

from importlib.util import find_spec

from aftersales.errors import Diagnostic, MissingToolError
from aftersales.text import Text

if find_spec("numpy") is None or find_spec("polars") is None:
    raise MissingToolError(
        Diagnostic(
            "columns_missing",
            Text(
                "按列判定需要 NumPy 和 Polars，本机没有安装", "columns need NumPy and Polars, which are not installed"
            ),
            hint=Text("运行：pip install 'aftersales[columns]'", "run: pip install 'aftersales[columns]'"),
        )
    )
