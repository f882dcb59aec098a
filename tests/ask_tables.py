#!/usr/bin/env python3
"""ask_tables.py: tables as other programs write them, read by Python's csv, packed, and asked about by nnrun predict and serve.

    ask_tables.py NNRUN CHECKPOINT same URL    tables in any dialect: all of them have the same rows, and so the same answers
    ask_tables.py NNRUN CHECKPOINT wrong URL   tables that are wrong: all of them refuse them, for the same line

In an empty folder; 0 if they agree. URL is of nnrun serve, without a "/" at its end; -: it is not asked. The network takes three
numbers called width, "the height" and weight."""
import csv
import gzip
import io
import json
import random
import struct
import subprocess
import sys
import urllib.error
import urllib.request

NNRUN, CHECKPOINT, CASE, URL = sys.argv[1:]
NAMES = ['width', 'the height', 'weight']


def run(*arguments):
    return subprocess.run([NNRUN, *arguments], capture_output=True, text=True, check=False)


def answers_of(lines):
    return [(answer['class'], answer['classes']) for answer in lines]


def predicted(path):
    """The answers; the message, if there are none."""
    done = run('predict', CHECKPOINT, path, '--json')
    return answers_of(map(json.loads, done.stdout.splitlines())) if done.returncode == 0 else done.stderr.strip()


def served(data):
    request = urllib.request.Request(URL + '/predict', data, {'Content-Type': 'text/csv'})
    try:
        with urllib.request.urlopen(request) as reply:
            return answers_of(json.load(reply)['answers'])
    except urllib.error.HTTPError as refused:
        return json.load(refused)['error']


def packed(path):
    """The rows that nnrun pack writes, as 32-bit floats; the message, if it refuses."""
    done = run('pack', path, '-o', 'out', '--force', '--label', 'none')
    if done.returncode != 0:
        return done.stderr.strip()
    with gzip.open('out/t10k-images-idx2-float.gz') as file:
        data = file.read()
    count, values = struct.unpack('>II', data[4:12])
    numbers = struct.unpack(f'>{count * values}f', data[12:])
    return [numbers[i:i + values] for i in range(0, len(numbers), values)]


def single(text):
    return struct.unpack('f', struct.pack('f', float(text)))[0]


# ---- the same ------------------------------------------------------------------------------------------------------

DICE = random.Random(1)


def cell(text):
    """With quotes and blanks around it, as many programs write them."""
    if DICE.random() < 0.3:
        return '"' + text.replace('"', '""') + '"'
    return text


def number():
    value = DICE.uniform(-4, 40)
    return DICE.choice([f'{value:.3f}', f'{value:.6e}', f'{int(value)}', f'+{abs(value):.2f}', f'{int(value)}.'])


def dialect(number_of_table):
    separator, end = ',;\t'[number_of_table % 3], ['\n', '\r\n'][number_of_table // 3 % 2]
    lines = [separator.join(map(cell, NAMES))] + [separator.join(cell(number()) for _ in NAMES) for _ in range(DICE.randrange(1, 30))]
    text = ''
    for line in lines:
        text += end * DICE.choice([0, 0, 0, 0, 1, 2]) + line + end
    if DICE.random() < 0.3:
        text = text[:-len(end)]
    elif DICE.random() < 0.3:
        text += end * 3
    return separator, text


def check_same():
    for n in range(60):
        separator, text = dialect(n)
        rows = [row for row in csv.reader(io.StringIO(text, newline=''), delimiter=separator) if row]
        data = (b'\xef\xbb\xbf' if n % 5 == 0 else b'') + text.encode()
        with open('t.csv', 'wb') as file:
            file.write(data)
        wanted = [tuple(map(single, row)) for row in rows[1:]]
        got = packed('t.csv')
        assert got == wanted, (text, got, wanted)
        answers = predicted('out/t10k-images-idx2-float.gz')
        assert len(answers) == len(wanted), answers
        said = {'csv': predicted('t.csv')}
        if URL != '-':
            said['serve'] = served(data)
            said['gzip'] = served(gzip.compress(data))
        for who, answer in said.items():
            assert answer == answers, (who, text, answer, answers)


# ---- wrong -----------------------------------------------------------------------------------------------------------

HEADER = b'width,the height,weight\n'
WRONG = {  # a table: its line, and the words that all say
    HEADER + b'1,2,3\n4,,6\n': (3, 'column 2', 'empty'),
    HEADER + b'1,2,3\n4,"",6\n': (3, 'column 2', 'empty'),
    HEADER + b'1,2,3\n4,"5\n6",6\n': (3, 'column 2', '"5?6" is not a number'),
    HEADER + b'1,2,3\n"4\r\n",5,6\n': (3, 'column 1', 'is not a number'),
    HEADER + b'\n\r\n1,2,3\n\n4,x,6\n': (6, 'column 2', '"x" is not a number'),
    b'"width","the height",weight\r\n1,2,3\r\n4,5,"6""\r\n7,8,9\r\n': (3, 'a quote is not closed'),
    HEADER + b'1,2,3\n4,5,"6" x\n': (3, 'something follows the closing quote of a cell'),
    HEADER + b'1,2,3\n4,5\n': (3, 'has 2 columns'),
    HEADER + b'1,2,3\n4,5,6,7\n': (3, 'has 4 columns'),
    HEADER + b'1,2,3\n ,\n': (3, 'has 2 columns'),
    HEADER + b'1,2,3\n,,\n': (3, 'column 1', 'empty'),
    HEADER + b'1,2,3,\n': (2, 'ends with a separator', 'remove it from the end of each row'),
    b'width,the height,weight,\n1,2,3,\n': ('', 'ends with a separator', 'remove it from the end of each row'),
    HEADER + b'1,2,nan\n': (2, 'column 3', 'is not a finite number'),
    HEADER + b'1,2,1e99\n': (2, 'column 3', '"1e99" is'),
    b'width;the height;weight\n1;2,5;3\n': (2, 'column 2', '"2,5" has a decimal comma'),
    HEADER + b'1,2,\x00\n': ('', 'zero byte'),
    (HEADER + b'1,2,3\n').replace(b'\n', b'\r'): (1, 'its lines end with CR alone; save it with LF or CR LF'),
    (HEADER + b'1,2,3\n').decode().encode('utf-16'): (1, 'is text in UTF-16; save it as UTF-8'),
    HEADER: ('', 'has a header, but no rows below it'),
}


def check_wrong():
    for data, (line, *words) in WRONG.items():
        with open('t.csv', 'wb') as file:
            file.write(data)
        said = {'pack': packed('t.csv'), 'predict': predicted('t.csv')}
        if URL != '-':
            said['serve'] = served(data)
        for who, message in said.items():
            assert isinstance(message, str), (who, data, message)
            assert all(word in message for word in words), (who, data, message)
            assert not line or f':{line}: ' in message, (who, data, message)


{'same': check_same, 'wrong': check_wrong}[CASE]()
