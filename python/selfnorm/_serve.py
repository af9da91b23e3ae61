# SPDX-License-Identifier: MIT
"""A callable served over two pipes to `selfnorm check fd:IN,OUT`.

Frames (docs/reference/frames.md).  A request: call (u32, 1), flags (u32),
n (u64), rate (f64), seed (u64), then n times the arguments' elements, in turn.
An answer: status (u32: 0 values follow, 1 a text follows), flags (u32: 1 the
input was changed), n (u64), then n elements or n bytes of text.  All
little-endian.  A closed pipe is the end.
"""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import subprocess
import tempfile
import threading
import traceback
from typing import Any, Callable, Optional

import numpy as np

from . import _program
from ._arrays import Adapter, adapter_of_result, raw_dtype
from ._results import Result

_REQUEST = struct.Struct("<IIQdQ")
_ANSWER = struct.Struct("<IIQ")
_VALUES, _TEXT = 0, 1
_INPUT_CHANGED = 1


class Refused(Exception):
    """What a callable did that no array of results can say."""


class Served:
    """A callable as the checker calls it.

    ``adapters`` are the kinds of arrays that it may take; the first call
    finds out which it does, under the checker's clock.
    """

    def __init__(self, f: Callable, adapters: list[Adapter], arguments: int,
                 *, order: int = 0, device: Any = "cpu", random: bool = False,
                 inplace: bool = False) -> None:
        self.kernel, self.adapters, self.arguments = f, adapters, arguments
        self.order, self.device = order, device
        self.random, self.inplace = random, inplace
        self.failure: Optional[BaseException] = None
        self.refusal = ""  # what it did in place of giving results
        self.chosen = len(adapters) == 1
        self.finished = False  # the checker has asked all that it wanted
        self._use(adapters[0])

    def _use(self, adapter: Adapter) -> None:
        """``order``: the framework's own derivative is what is called."""
        self.adapter = adapter
        self.f = (adapter.derivative(self.kernel, self.order) if self.order
                  else self.kernel)

    def _choose(self, bits: list[np.ndarray]) -> None:
        self.chosen = True
        x = bits[-1][:3]
        for adapter in self.adapters:
            self._use(adapter)
            try:
                result = self.call([adapter.array(x)] if self.order
                                    else [adapter.array(p[:3]) for p in bits],
                                    0.5, 1, self.kernel)
            except Exception:  # noqa: BLE001: it says what f wants
                continue
            if self.inplace and result is None:
                return
            self._use(adapter_of_result(result, adapter.dtype, self.device))
            return
        # what it says of the first kind is told
        self._use(self.adapters[0])

    def call(self, given: list, rate: float, seed: int, f: Callable) -> Any:
        process = os.getpid()
        try:
            # inputs are of all sizes: numpy's warnings say nothing here
            with np.errstate(all="ignore"):
                return f(*given, rate, seed) if self.random else f(*given)
        finally:
            if os.getpid() != process:
                os._exit(0)  # a fork of ours that came back

    def __call__(self, bits: list[np.ndarray], rate: float,
                 seed: int) -> tuple[np.ndarray, bool]:
        """The results' bits, and whether the input was changed."""
        if not self.chosen:
            self._choose(bits)
        adapter = self.adapter
        given = [adapter.array(part) for part in bits]
        try:
            result = self.call(given, rate, seed, self.f)
        except Exception as failure:
            self.failure = failure
            raise Refused(
                f"it raised {type(failure).__name__}: {failure} (input of "
                f"shape {adapter.shape_of(given[0])}, {adapter.element})"
            ) from failure
        if self.inplace and result is None:
            result = given[-1]
        self._examine(result, given[-1])
        changed = not self.inplace and any(
            not np.array_equal(adapter.bits(array).ravel(), part)
            for array, part in zip(given, bits))
        return adapter.bits(result).ravel(), changed

    def _examine(self, result: Any, x: Any) -> None:
        adapter = self.adapter
        if isinstance(result, (tuple, list)):
            raise Refused(f"it returned {len(result)} results, not one array")
        if result is None:
            raise Refused("it returned None; a function that works in place "
                          "is checked with inplace=True")
        element, shape = adapter.element_of(result), adapter.shape_of(result)
        if shape != adapter.shape_of(x):
            raise Refused(f"it returned an array of shape {shape} for one of "
                          f"shape {adapter.shape_of(x)}")
        if element != adapter.element:
            raise Refused(f"it returned {element} for {adapter.element}")


def _exactly(pipe: Any, size: int) -> bytes:
    parts, missing = [], size
    while missing:
        part = pipe.read(missing)
        if not part:
            return b""
        parts.append(part)
        missing -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _serve(served: Served, requests: Any, answers: Any) -> None:
    raw = raw_dtype(served.adapter.dtype)
    while True:
        head = _exactly(requests, _REQUEST.size)
        if not head:
            return
        _, _, n, rate, seed = _REQUEST.unpack(head)
        size = n * served.arguments * raw.itemsize
        sent = np.frombuffer(_exactly(requests, size) if size else b"", raw)
        bits = [np.ascontiguousarray(sent[k::served.arguments])
                for k in range(served.arguments)]
        try:
            values, changed = served(bits, rate, seed)
            answers.write(_ANSWER.pack(_VALUES, _INPUT_CHANGED * changed,
                                       values.size))
            answers.write(values.tobytes())
        except Refused as refused:
            served.refusal = str(refused)
            text = served.refusal.encode()[:399]
            answers.write(_ANSWER.pack(_TEXT, 0, len(text)) + text)
        answers.flush()


def _interrupt_when_it_ends(child: "subprocess.Popen[str]",
                            done: threading.Event,
                            caller: threading.Thread,
                            by_signal: bool) -> None:
    """A callable that does not return is interrupted once the checker, which
    has the clock, has given up: by a signal in the main thread, which ends a
    sleep too, by an exception at the next line of Python in another one."""
    child.wait()
    if done.wait(0.5) or caller.ident is None:
        return
    if by_signal:
        signal.pthread_kill(caller.ident, signal.SIGINT)
    else:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(caller.ident), ctypes.py_object(_GaveUp))


class _GaveUp(BaseException):
    pass


def check_served(served: Served, words: list[str]) -> Result:
    """`selfnorm check WORDS fd:...` with the callable in this thread."""
    requests_end, theirs_in = os.pipe()
    theirs_out, answers_end = os.pipe()
    # the program's output goes to files: nobody here could read a pipe of it
    # while the callable runs
    with tempfile.TemporaryFile("w+") as stdout, \
            tempfile.TemporaryFile("w+") as stderr:
        try:
            child = subprocess.Popen(
                [_program.binary(), "check", "--json", *words,
                 f"fd:{theirs_in},{theirs_out}"],
                stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
                pass_fds=(theirs_in, theirs_out), text=True)
        except OSError as failure:
            os.close(requests_end)
            os.close(answers_end)
            raise _program.explain_start(failure) from None
        finally:
            os.close(theirs_in)
            os.close(theirs_out)
        def give_up(*_: Any) -> None:
            if child.poll() is not None:
                raise KeyboardInterrupt

        # a job in the background has SIGINT ignored; ours must still arrive
        main = threading.current_thread() is threading.main_thread()
        ignored = main and signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        if ignored:
            signal.signal(signal.SIGINT, give_up)
        by_signal = ignored or (main and signal.getsignal(signal.SIGINT) is
                                signal.default_int_handler)
        done = threading.Event()
        watch = threading.Thread(
            target=_interrupt_when_it_ends, daemon=True,
            args=(child, done, threading.current_thread(), by_signal))
        watch.start()
        try:
            with open(requests_end, "rb", buffering=1 << 16) as requests, \
                    open(answers_end, "wb", buffering=1 << 16) as answers:
                try:
                    _serve(served, requests, answers)
                    served.finished = True
                except BrokenPipeError:
                    pass
        except _GaveUp:
            pass
        except BrokenPipeError:
            pass
        except KeyboardInterrupt:
            # ours, where the checker has already ended
            if child.poll() is None:
                child.terminate()
                raise
        except BaseException:
            child.terminate()
            raise
        finally:
            done.set()
            child.wait()
            if ignored:
                signal.signal(signal.SIGINT, signal.SIG_IGN)
        stdout.seek(0)
        stderr.seek(0)
        return _program.answer_of(child.returncode, stdout.read(),
                                  stderr.read())


def traceback_of(served: Served) -> str:
    failure = served.failure
    return "" if failure is None else "".join(
        traceback.format_exception(type(failure), failure,
                                   failure.__traceback__))
