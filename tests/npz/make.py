#!/usr/bin/env python3
"""Makes the NPZ files beside it, which unit_npz reads, by NumPy (Debian: python3-numpy):

    python3 tests/npz/make.py

Value i of all samples of a file is i % 251, and label i is i % classes. Times are left out, so that the bytes stay."""
import io
import os
import struct
import zipfile
import zlib

import numpy

HERE = os.path.dirname(os.path.abspath(__file__))


def values(first, shape, dtype='u1'):
    count = int(numpy.prod(shape))
    return (numpy.arange(first, first + count) % 251).astype(dtype).reshape(shape)


def array(data, version=None):
    out = io.BytesIO()
    numpy.lib.format.write_array(out, data, version=version)
    return out.getvalue()


def save(name, arrays, method=zipfile.ZIP_DEFLATED, version=None, force=False):
    with zipfile.ZipFile(os.path.join(HERE, name + '.npz'), 'w') as archive:
        for key, data in arrays.items():
            info = zipfile.ZipInfo(key + '.npy')
            info.compress_type = method
            with archive.open(info, 'w', force_zip64=force) as entry:
                entry.write(array(data, version))


def med(shape, label_shape, classes):
    arrays, first, label = {}, 0, 0
    for part, count in (('train', 6), ('val', 3), ('test', 4)):
        arrays[part + '_images'] = values(first, (count, *shape))
        first += arrays[part + '_images'].size
        labels = numpy.arange(label, label + count * int(numpy.prod(label_shape)))
        arrays[part + '_labels'] = (labels % classes).astype('u1').reshape(count, *label_shape)
        label += labels.size
    return arrays


def zip64(name, arrays):
    """An archive whose sizes and offsets are all in ZIP64 fields, as in one above 4 GB."""
    out, central, big = b'', b'', 0xffffffff
    for key, data in arrays.items():
        text, file = array(data), (key + '.npy').encode()
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(text) + packer.flush()
        sizes = struct.pack('<QQ', len(text), len(packed))
        fixed = struct.pack('<HHHHHLLLHH', 45, 0, 8, 0, 33, zlib.crc32(text), big, big, len(file), 0)
        extra = struct.pack('<HH', 1, 24) + sizes + struct.pack('<Q', len(out))
        central += b'PK\1\2' + struct.pack('<H', 45) + fixed[:-2] + struct.pack('<HHHHLL', len(extra), 0, 0, 0, 0, big)
        central += file + extra
        extra = struct.pack('<HH', 1, 16) + sizes
        out += b'PK\3\4' + fixed[:-2] + struct.pack('<H', len(extra)) + file + extra + packed
    count, at = len(arrays), len(out)
    end = b'PK\6\6' + struct.pack('<QHHLLQQQQ', 44, 45, 45, 0, 0, count, count, len(central), at)
    end += b'PK\6\7' + struct.pack('<LQL', 0, at + len(central), 1)
    end += b'PK\5\6' + struct.pack('<HHHHLLH', 0, 0, 0xffff, 0xffff, big, big, 0)
    with open(os.path.join(HERE, name + '.npz'), 'wb') as file:
        file.write(out + central + end)


save('grey', med((5, 4), (1,), 3))
save('rgb', med((2, 3, 3), (1,), 3), zipfile.ZIP_STORED)
save('several', med((5, 4), (3,), 2), version=(2, 0))
zip64('zip64', med((5, 4), (1,), 3))
save('keras', {'x_train': values(0, (6, 3), '<f8') / 4, 'y_train': numpy.arange(6) % 3,
               'x_test': values(18, (4, 3), '<f8') / 4, 'y_test': numpy.arange(4) % 3}, force=True)
save('half', {'x': values(0, (4, 3), '<f2') / 4, 'y': numpy.arange(4.0) % 3, 'weights': numpy.ones(3)})
save('wide', {'x': values(0, (2, 3), '<i8') - 2, 'y': numpy.array([-1, 7], '<i2')})
save('channels', {'images': values(0, (2, 3, 4, 5))})
save('fortran', {'x': numpy.asfortranarray(values(0, (4, 3), '<f4')), 'y': numpy.arange(4)})
save('big', {'x': values(0, (4, 3), '>i2'), 'y': numpy.arange(4)})
save('text', {'x': values(0, (4, 3)), 'y': numpy.array(['a', 'b', 'a', 'b'])})
save('nan', {'x': numpy.array([[1, 2], [3, numpy.nan], [5, 6]], '<f4'), 'y': numpy.arange(3)})
save('counts', {'x': values(0, (4, 3)), 'y': numpy.arange(5)})
save('names', {'first': values(0, (4, 3)), 'second': numpy.arange(4)})
save('two', {'x': values(0, (4, 3)), 'images': values(0, (4, 3))})
save('lone-imgs', {'arr_0': values(0, (4, 2, 2))})
save('lone-labels', {'arr_0': numpy.arange(4) % 2})
save('bomb', {'x': numpy.zeros((1, 1 << 25), 'u1')})
