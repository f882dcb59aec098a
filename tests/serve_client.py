"""serve_client.py: connections to nnrun serve. Module of clients that are run as CLIENT URL KIND."""
import socket
import sys
import urllib.parse

WHERE = urllib.parse.urlparse(sys.argv[1])


def connect(address=""):
    """Of this address of the machine; "": of any."""
    return socket.create_connection((WHERE.hostname, WHERE.port), timeout=100, source_address=(address, 0) if address else None)


def rest(client):
    """What comes until the connection ends."""
    got = b""
    try:
        while more := client.recv(65536):
            got += more
    except ConnectionError:
        pass
    return got
