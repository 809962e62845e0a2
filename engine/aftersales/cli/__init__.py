"""The command line: arguments and calls only, one file per command.

Exit 0: fine. 1: the policy or the case is at fault, or a worked case fails. 2: the command line is. 130: interrupted.
141: whoever read the output has gone.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

from aftersales.cli.arguments import parse
from aftersales.cli.misuse import MisuseError
from aftersales.cli.options import lang_of
from aftersales.errors import AftersalesError, Diagnostic
from aftersales.show.faults import show_faults
from aftersales.text import Text, clip

_INTERRUPTED = 130
_NOBODY_READS = 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (``sys.argv`` where ``arguments`` is ``None``) and return its exit code; faults go to stderr."""
    _never_fail_on_characters()
    options = parse(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except AftersalesError as fault:
        show_faults(fault.diagnostics, lang_of(options), sys.stderr, as_json=getattr(options, "json", False))
        return 2 if isinstance(fault, MisuseError) else 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _stop_writing()
        return _NOBODY_READS
    except OSError as why:
        show_faults([_unusable(why)], lang_of(options), sys.stderr, as_json=getattr(options, "json", False))
        return 1
    return code


def _unusable(why: OSError) -> Diagnostic:
    """Return the fault of a file, folder or stream that the system refuses."""
    reason, name = why.strerror or "?", clip(str(why.filename or "-"))
    return Diagnostic(
        "refused_by_system", Text(f"系统拒绝访问 {name}：{reason}", f"the system refuses {name}: {reason}")
    )


def _never_fail_on_characters() -> None:
    """Show the code of a character that the terminal's encoding lacks, and replace typed bytes that are no text."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def _stop_writing() -> None:
    """Send what is still buffered nowhere, so that the interpreter's own flush at exit does not fail again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
