#!/usr/bin/env python3
"""pack_sources.py: what NumPy, Python's csv and torchvision write and read, and what nnrun pack makes of it.

    pack_sources.py NNRUN CASE      in an empty folder; 0 if the values are equal"""
import csv
import gzip
import json
import os
import subprocess
import sys

import numpy

NNRUN = sys.argv[1]
RANDOM = numpy.random.default_rng(1)
TYPES = {8: 'u1', 9: 'i1', 11: '>i2', 12: '>i4', 13: '>f4', 14: '>f8'}
TRAIN, VALIDATION, TEST = 'train', 'validation', 't10k'


def pack(*arguments):
    """Runs nnrun pack, which must end well; its warnings."""
    run = subprocess.run([NNRUN, 'pack', *arguments, '-o', 'out', '--force'], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stderr


def read_idx(path):
    with gzip.open(path) as file:
        data = file.read()
    shape = numpy.frombuffer(data, '>u4', data[3], 4)
    return numpy.frombuffer(data, TYPES[data[2]], offset=4 + 4 * data[3]).reshape(shape)


def write_idx(path, data):
    kind = {value: key for key, value in TYPES.items()}
    text = data.dtype.str.lstrip('|')
    with (gzip.open if path.endswith('.gz') else open)(path, 'wb') as file:
        file.write(bytes([0, 0, kind[text], data.ndim]) + numpy.array(data.shape, '>u4').tobytes() + data.tobytes())


def part(name):
    """Images and labels that were written for a part, by the names in pack.json or the folder; None: there are none."""
    files = {key: [file for file in os.listdir('out') if file.startswith(f'{name}-{key}-')] for key in ('images', 'labels')}
    return [read_idx('out/' + files[key][0]) if files[key] else None for key in ('images', 'labels')]


def rows(images, labels):
    """Samples with their labels, in an order that does not matter."""
    flat = numpy.asarray(images, 'f8').reshape(len(images), -1)
    if labels is not None:
        flat = numpy.hstack([flat, numpy.asarray(labels, 'f8').reshape(len(images), -1)])
    return sorted(map(tuple, flat.tolist()))


def same(images, labels, *names):
    """The parts of these names hold just these samples, of that shape."""
    parts = [part(name) for name in names]
    got = [a for images_, labels_ in parts if images_ is not None for a in rows(images_, labels_)]
    assert sorted(got) == rows(images, labels), 'other samples or labels'
    for images_, _ in parts:
        assert images_ is None or images_.shape[1:] == images.shape[1:], images_.shape


def classes():
    with open('out/classes.txt', encoding='utf-8') as file:
        return file.read().splitlines()


def digits(count, shape=(28, 28), kind='u1'):
    return RANDOM.integers(0, 256, (count, *shape)).astype(kind)


def several_classes(count, most):
    return numpy.arange(count) % most


# ---- tables ---------------------------------------------------------------------------------------------------------


def table():
    """A table that Python's csv module wrote, in several dialects."""
    names = ['cat', 'dog, small', 'a "fish"']
    values = RANDOM.standard_normal((60, 5)) * 10.0 ** RANDOM.integers(-30, 30, (60, 5))
    labels = several_classes(60, 3)
    order = numpy.array([sorted(names).index(name) for name in names])
    for dialect in ({}, {'delimiter': ';'}, {'delimiter': '\t', 'lineterminator': '\n'}, {'quoting': csv.QUOTE_ALL}):
        with open('table.csv', 'w', encoding='utf-8-sig', newline='') as file:
            writer = csv.writer(file, **dialect)
            writer.writerow(['a', 'b', 'label', 'c', 'd', 'e'])
            for row, label in zip(values.tolist(), labels):
                writer.writerow([*row[:2], names[label], *row[2:]])
        pack('table.csv')
        same(values.astype('f4'), order[labels], TRAIN, TEST)
        assert classes() == sorted(names), classes()


def kaggle():
    """Kaggle's train.csv and test.csv, which has no labels and keeps its order."""
    images, labels = digits(120), several_classes(120, 10)
    header = ','.join(f'pixel{i}' for i in range(784))
    numpy.savetxt('train.csv', numpy.column_stack([labels, images.reshape(120, 784)]), '%d', ',', header='label,' + header, comments='')
    numpy.savetxt('test.csv', images.reshape(120, 784), '%d', ',', header=header, comments='')
    pack('train.csv')
    same(images, labels, TRAIN, TEST)
    pack('test.csv')
    got = [part(name)[0] for name in (TRAIN, TEST) if part(name)[0] is not None]
    assert len(got) == 1 and (got[0] == images).all(), 'another order'


# ---- NumPy ----------------------------------------------------------------------------------------------------------


def medical(save, shape, labels_of):
    parts = {'train': TRAIN, 'val': VALIDATION, 'test': TEST}
    arrays = {}
    for count, name in zip((50, 20, 30), parts):
        arrays[f'{name}_images'] = digits(count, shape)
        arrays[f'{name}_labels'] = labels_of(count)
    save('med.npz', **arrays)
    pack('med.npz')
    for name, written in parts.items():
        images = arrays[f'{name}_images']
        same(images.transpose(0, 3, 1, 2) if images.ndim == 4 else images, arrays[f'{name}_labels'], written)


def npz():
    """MedMNIST's archives: grey, colour, several labels; deflated or stored."""
    medical(numpy.savez_compressed, (28, 28), lambda n: several_classes(n, 4).astype('u1').reshape(-1, 1))
    medical(numpy.savez, (28, 28, 3), lambda n: several_classes(n, 4).astype('u1').reshape(-1, 1))
    medical(numpy.savez_compressed, (28, 28), lambda n: RANDOM.integers(0, 2, (n, 14)).astype('u1'))


def channels():
    """Channels last or first, opaque ones of grey and of colours, and more of them than colours."""
    labels = several_classes(40, 4)
    colours = digits(40, (9, 8, 3))
    opaque = numpy.full((40, 9, 8, 1), 255, 'u1')
    numpy.savez('x.npz', x=numpy.concatenate([colours, opaque], 3), y=labels)
    assert 'taken as the opacity' in pack('x.npz')
    same(colours.transpose(0, 3, 1, 2), labels, TRAIN, TEST)
    numpy.savez('x.npz', x=numpy.concatenate([colours[..., :1], opaque], 3), y=labels)
    assert 'taken as the opacity' in pack('x.npz')
    same(colours[..., 0], labels, TRAIN, TEST)
    for images, want in (
        (colours.transpose(0, 3, 1, 2), colours.transpose(0, 3, 1, 2)),
        (colours[:, None, :, :, 0], colours[..., 0]),
        (digits(40, (9, 8, 4), 'f4'), None),
        (digits(40, (4, 9, 8)), None),
    ):
        numpy.savez('x.npz', x=images, y=labels)
        said = pack('x.npz')
        assert 'channels' not in said, said
        same(images.transpose(0, 3, 1, 2) if images.shape[3] == 4 else images if want is None else want, labels, TRAIN, TEST)
    numpy.savez('x.npz', x=digits(40, (9, 8, 6)), y=labels)
    assert 'x.transpose(0, 3, 1, 2)' in pack('x.npz')


def keras():
    """x and y of every type."""
    for kind in ('u2', 'i1', 'i2', 'i4', 'i8', 'f2', 'f4', 'f8'):
        x = digits(40, (7,), kind) if kind != 'f8' else RANDOM.standard_normal((40, 7))
        y = several_classes(40, 3)
        numpy.savez_compressed('xy.npz', x_train=x[:30], y_train=y[:30], x_test=x[30:], y_test=y[30:])
        pack('xy.npz')
        same(x[:30].astype('f4'), y[:30], TRAIN)
        same(x[30:].astype('f4'), y[30:], TEST)


# ---- IDX and CIFAR --------------------------------------------------------------------------------------------------


def idx():
    """IDX of every type, as pairs of files."""
    for code, kind in TYPES.items():
        x = digits(40, (7,), kind) if code < 13 else RANDOM.standard_normal((40, 7)).astype(kind)
        write_idx('some-images-idx2.gz', x)
        write_idx('some-labels-idx1', several_classes(40, 3).astype('>i4' if code % 2 else 'u1'))
        pack('some-images-idx2.gz', 'some-labels-idx1')
        same(x.astype('f4') if code > 8 else x, several_classes(40, 3), TRAIN, TEST)


def folders():
    """EMNIST's letters, QMNIST's eight columns."""
    os.mkdir('emnist')
    os.mkdir('qmnist')
    for name, count in (('train', 52), ('test', 26)):
        images = digits(count)
        write_idx(f'emnist/emnist-letters-{name}-images-idx3-ubyte.gz', images)
        write_idx(f'emnist/emnist-letters-{name}-labels-idx1-ubyte.gz', (several_classes(count, 26) + 1).astype('u1'))
        write_idx(f'qmnist/qmnist-{name}-images-idx3-ubyte.gz', images)
        labels = numpy.arange(count * 8).reshape(count, 8)
        labels[:, 0] = several_classes(count, 10)
        write_idx(f'qmnist/qmnist-{name}-labels-idx2-int.gz', labels.astype('>i4'))
        with open('emnist/emnist-letters-mapping.txt', 'w', encoding='utf-8') as file:
            file.writelines(f'{i + 1} {65 + i} {97 + i}\n' for i in range(26))
    said = pack('emnist', '--transpose')
    assert "are EMNIST's" not in said and 'transposed' not in said, said
    same(images.transpose(0, 2, 1), several_classes(26, 26), TEST)
    assert classes() == [chr(65 + i) for i in range(26)]
    assert 'use --transpose' in pack('emnist')
    pack('qmnist')
    same(images, several_classes(26, 10), TEST)


def cifar():
    """CIFAR-10 with its names, CIFAR-100 with fine and coarse labels."""
    names = 'airplane automobile bird cat deer dog frog horse ship truck'.split()
    os.mkdir('ten')
    os.mkdir('hundred')
    images = digits(100, (3, 32, 32))
    labels, coarse = several_classes(100, 100).astype('u1'), several_classes(100, 20).astype('u1')
    for i, name in enumerate(['data_batch_1', 'data_batch_2', 'test_batch']):
        at = slice(30 * i, 30 * i + 30)
        numpy.column_stack([labels[at] % 10, images[at].reshape(30, -1)]).astype('u1').tofile(f'ten/{name}.bin')
    with open('ten/batches.meta.txt', 'w', encoding='utf-8') as file:
        file.write('\n'.join(names) + '\n\n')
    pack('ten')
    same(images[:60], labels[:60] % 10, TRAIN)
    same(images[60:90], labels[60:90] % 10, TEST)
    assert classes() == names, classes()
    for name in ('train', 'test'):
        numpy.column_stack([coarse, labels, images.reshape(100, -1)]).astype('u1').tofile(f'hundred/{name}.bin')
    pack('hundred')
    same(images, labels, TRAIN)
    pack('hundred', '--label', 'coarse')
    same(images, coarse, TEST)


# ---- torchvision ----------------------------------------------------------------------------------------------------


def torchvision():
    """torchvision reads what was packed, and reads the same of EMNIST's files as was packed from them. Of other types than bytes
    it (0.14) reads wrong values."""
    from torchvision import datasets  # pylint: disable=import-outside-toplevel

    raw = 'EMNIST/raw'
    os.makedirs(raw)
    for name, count in (('train', 60), ('test', 30)):
        write_idx(f'{raw}/emnist-digits-{name}-images-idx3-ubyte', digits(count))
        write_idx(f'{raw}/emnist-digits-{name}-labels-idx1-ubyte', several_classes(count, 10).astype('u1'))
    pack(raw)
    os.makedirs('MNIST/raw')
    for name in os.listdir('out'):
        if name.endswith('.gz'):
            with gzip.open(f'out/{name}') as packed, open(f'MNIST/raw/{name[:-3]}', 'wb') as file:
                file.write(packed.read())
    for train in (True, False):
        was = datasets.EMNIST('.', 'digits', train=train, download=False)
        now = datasets.MNIST('.', train=train, download=False)
        assert rows(was.data.numpy(), was.targets.numpy()) == rows(now.data.numpy(), now.targets.numpy())


def facts():
    """pack.json says what was read."""
    numpy.savez('grey.npz', images=digits(40), labels=several_classes(40, 2))
    pack('grey.npz')
    with open('out/pack.json', encoding='utf-8') as file:
        assert 'npz' in json.dumps(json.load(file))


globals()[sys.argv[2]]()
