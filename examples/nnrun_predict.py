#!/usr/bin/env python3
"""nnrun_predict.py: ask a network that nnrun trained. Needs libnnrun and Python 3.8, nothing else.

    python3 nnrun_predict.py CHECKPOINT IMAGE...

prints the most likely classes of each picture: PNG, JPEG, PGM or PPM. As a module:

    from nnrun_predict import Model

    with Model.open("runs/lenet/best.safetensors") as model:
        sample = model.prepare("seven.png")
        for name, value in model.best(model.predict(sample)[0]):
            print(name, value)

Calls raise NnrunError where the library refuses, and ValueError for samples of a wrong length or a Model that is closed.
Where it was installed, it finds its library, also after that tree was moved. A copy of it finds the library where the
loader searches, and in LD_LIBRARY_PATH. Layers are looked for in the folders of NNRUN_PLUGIN_PATH, then in the installed
one. Any number of threads may use one Model at the same time.
nnrun(3) describes the functions that are called here.
"""
import ctypes
import glob
import os
import queue
import sys
from ctypes import POINTER, byref, c_char_p, c_double, c_float, c_int, c_int32, c_size_t, c_uint32, c_uint64, c_void_p


class _Error(ctypes.Structure):
    _fields_ = [("size", c_size_t), ("code", c_int32), ("line", c_int32), ("text", c_char_p), ("file", c_char_p),
                ("key", c_char_p), ("count", c_uint32), ("left_out", c_uint32), ("held", c_void_p)]


class _Options(ctypes.Structure):
    _fields_ = [("size", c_size_t), ("overrides", POINTER(c_char_p)), ("override_count", c_size_t),
                ("plugin_folders", POINTER(c_char_p)), ("plugin_folder_count", c_size_t), ("level", c_char_p),
                ("expect", c_int32), ("reserved", c_int32), ("watch", c_void_p)]


class _PrepareOptions(ctypes.Structure):
    _fields_ = [("size", c_size_t), ("name", c_char_p), ("most_pixels", c_size_t), ("raw", c_int32),
                ("reserved", c_int32)]


class _Prepared(ctypes.Structure):
    _fields_ = [("size", c_size_t), ("inverted", c_int32), ("empty", c_int32)]


class _Info(ctypes.Structure):
    _fields_ = [("name", c_char_p), ("level", c_char_p), ("source", c_int32), ("outputs_are", c_int32),
                ("rank", c_uint32), ("dim", c_int32 * 7), ("inputs", c_size_t), ("outputs", c_size_t),
                ("classes", c_size_t), ("channels", c_size_t), ("height", c_size_t), ("width", c_size_t),
                ("layers", c_size_t), ("tensors", c_size_t), ("output_layer", c_size_t), ("parameters", c_size_t),
                ("epoch", c_uint64), ("step", c_uint64), ("history", POINTER(c_double)), ("validation_accuracy", c_double)]


class _BestClass(ctypes.Structure):
    _fields_ = [("index", c_size_t), ("value", c_float)]


_FUNCTIONS = {  # name: result, arguments
    "nnrun_open": (c_void_p, [c_char_p, POINTER(_Options), POINTER(_Error)]),
    "nnrun_close": (None, [c_void_p]),
    "nnrun_error_clear": (None, [POINTER(_Error)]),
    "nnrun_describe": (POINTER(_Info), [c_void_p]),
    "nnrun_class_name": (c_char_p, [c_void_p, c_size_t]),
    "nnrun_prepare_file": (c_int, [c_void_p, c_char_p, POINTER(_PrepareOptions), c_char_p, POINTER(_Prepared),
                                   POINTER(_Error)]),
    "nnrun_prepare_bytes": (c_int, [c_void_p, c_char_p, c_size_t, POINTER(_PrepareOptions), c_char_p,
                                    POINTER(_Prepared), POINTER(_Error)]),
    "nnrun_context_create": (c_void_p, [c_void_p, c_uint32, POINTER(_Error)]),
    "nnrun_context_destroy": (None, [c_void_p]),
    "nnrun_predict": (None, [c_void_p, c_char_p, c_size_t, POINTER(c_float)]),
    "nnrun_predict_floats": (None, [c_void_p, POINTER(c_float), c_size_t, POINTER(c_float)]),
    "nnrun_best": (c_size_t, [c_void_p, POINTER(c_float), POINTER(_BestClass), c_size_t]),
}


def _open():
    """The library of the tree that this file was installed in, else the one that the loader finds."""
    name = "libnnrun.so.0"
    folder, place, found = os.path.dirname(os.path.realpath(__file__)), "/share/nnrun/examples", []
    if folder.endswith(place):
        tree = glob.escape(folder[:-len(place)])
        found = sorted(glob.glob(f"{tree}/lib*/{name}") + glob.glob(f"{tree}/lib/*/{name}"))
    for path in found:
        try:
            return ctypes.CDLL(path)
        except OSError:  # of another processor
            pass
    return ctypes.CDLL(name)


def _load():
    library = _open()
    for name, (result, arguments) in _FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


def _path(path):
    """A str, bytes or os.PathLike as the bytes of a path."""
    path = os.fsencode(path)
    if b"\0" in path:
        raise ValueError("a path has a null byte")
    return path


class NnrunError(Exception):
    """What a call failed with: the text, and code, file, line and key as in nnrun_error."""

    def __init__(self, library, error):
        super().__init__(error.text.decode("utf-8", "replace"))
        self.code, self.line = error.code, error.line
        self.file, self.key = (word.decode("utf-8", "replace") if word else None for word in (error.file, error.key))
        library.nnrun_error_clear(byref(error))


class Model:
    """A network with its weights, opened from a checkpoint or a config. As a context manager it is closed at the end."""

    @classmethod
    def open(cls, path, plugin_folders=None):
        return cls(path, plugin_folders)

    def __init__(self, path, plugin_folders=None):
        if plugin_folders is None:  # as for nnrun
            plugin_folders = filter(None, os.environ.get("NNRUN_PLUGIN_PATH", "").split(":"))
        self._model, self._library = None, _load()
        self._contexts = queue.SimpleQueue()  # those that no thread uses now
        folders = [_path(folder) for folder in plugin_folders]
        options = _Options(size=ctypes.sizeof(_Options), plugin_folders=(c_char_p * len(folders))(*folders),
                           plugin_folder_count=len(folders))
        self._model = self._must(self._library.nnrun_open, _path(path), byref(options))
        self._about = self._library.nnrun_describe(self._model).contents

    def close(self):
        """Frees the network, once no thread uses it. It may be closed again."""
        while not self._contexts.empty():
            self._library.nnrun_context_destroy(self._contexts.get())
        self._library.nnrun_close(self._model)
        self._model = self._about = None

    @property
    def _info(self):
        if not self._model:
            raise ValueError("the model is closed")
        return self._about

    def __enter__(self):
        self._info  # raises if it is closed
        return self

    def __exit__(self, *_):
        self.close()

    def describe(self):
        """What the network is and what it takes, as a dictionary. Its keys are:

        name, level    of the network; of the code that it uses, such as "avx2"
        shape          of a sample, such as [1, 28, 28]
        inputs         values in a sample
        outputs        values in an answer
        classes        the names of the classes, a list
        layers, parameters, epoch
                       how many there are; finished epochs, 0 for a config
        validation_accuracy
                       a fraction, NaN if it is not known
        """
        info, names = self._info, range(self._info.classes)
        return {"name": info.name.decode(), "level": info.level.decode(), "shape": info.dim[:info.rank],
                "inputs": info.inputs, "outputs": info.outputs, "layers": info.layers, "epoch": info.epoch,
                "parameters": info.parameters, "validation_accuracy": info.validation_accuracy,
                "classes": [self._library.nnrun_class_name(self._model, i).decode() for i in names]}

    def prepare(self, picture, raw=False):
        """The bytes of one sample, from a PNG, JPEG, PGM or PPM picture of any size, as nnrun predict makes them. `picture`: the
        path of a file, or what such a file holds, as bytes. `raw`: only resize it."""
        sample = ctypes.create_string_buffer(self._info.inputs)
        options = _PrepareOptions(size=ctypes.sizeof(_PrepareOptions), raw=bool(raw))
        if isinstance(picture, (bytes, bytearray, memoryview)):
            picture = bytes(picture)
            self._must(self._library.nnrun_prepare_bytes, self._model, picture, len(picture), byref(options), sample, None)
        else:
            self._must(self._library.nnrun_prepare_file, self._model, _path(picture), byref(options), sample, None)
        return sample.raw

    def predict(self, samples):
        """One list of outputs per sample. `samples`: the bytes of one or more, or a sequence of floats, 0 to 255."""
        if isinstance(samples, (bytearray, memoryview)):
            samples = bytes(samples)
        count, rest = divmod(len(samples), self._info.inputs)
        if rest:
            raise ValueError(f"{len(samples)} values; a sample has {self._info.inputs}")
        width = self._info.outputs
        outputs = (c_float * (count * width))()
        try:
            context = self._contexts.get_nowait()
        except queue.Empty:
            context = self._must(self._library.nnrun_context_create, self._model, 0)
        if isinstance(samples, bytes):
            self._library.nnrun_predict(context, samples, count, outputs)
        else:
            self._library.nnrun_predict_floats(context, (c_float * len(samples))(*samples), count, outputs)
        self._contexts.put(context)
        return [outputs[i * width:(i + 1) * width] for i in range(count)]

    def best(self, outputs, most=5):
        """The names and values of the classes with the largest outputs, the largest first. `outputs`: those of one
        sample. An empty list if one of them is NaN or infinite: that is no answer."""
        if len(outputs) != self._info.outputs:
            raise ValueError(f"{len(outputs)} outputs; the network has {self._info.outputs}")
        best = (_BestClass * most)()
        count = self._library.nnrun_best(self._model, (c_float * len(outputs))(*outputs), best, most)
        return [(self._library.nnrun_class_name(self._model, one.index).decode(), one.value) for one in best[:count]]

    def _must(self, function, *arguments):
        """What the function returns: a pointer, or 0. Raises NnrunError if it fails."""
        error = _Error(size=ctypes.sizeof(_Error))
        result = function(*arguments, byref(error))
        if error.code:
            raise NnrunError(self._library, error)
        return result


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    status = 0
    try:
        with Model.open(arguments[0]) as model:
            for path in arguments[1:]:
                try:
                    outputs = model.predict(model.prepare(path))[0]
                except NnrunError as error:
                    print(error, file=sys.stderr)
                    status = 1
                else:
                    best = model.best(outputs)
                    status = status if best else 1
                    print(f"{path}:", ", ".join(f"{name} ({value:.3g})" for name, value in best) or "no answer")
    except NnrunError as error:
        print(error, file=sys.stderr)
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
