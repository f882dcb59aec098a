# torch_lenet.py CHECKPOINT IMAGES: the weights of configs/lenet.cfg in a
# network of PyTorch, and what it takes the first ten images for.
import gzip, json, sys, torch
from collections import OrderedDict
from torch import nn

net = nn.Sequential(OrderedDict(  # layers have the names of their tensors
    conv1=nn.Conv2d(1, 6, 5, padding=2), relu1=nn.ReLU(),
    pool1=nn.MaxPool2d(2), conv2=nn.Conv2d(6, 16, 5), relu2=nn.ReLU(),
    pool2=nn.MaxPool2d(2), flatten=nn.Flatten(),
    dense1=nn.Linear(400, 120), relu3=nn.ReLU(),
    dense2=nn.Linear(120, 84), relu4=nn.ReLU(), dense3=nn.Linear(84, 10)))

# Or, where the safetensors package is: safetensors.torch.load_file
def load_file(path):
    data = bytearray(open(path, "rb").read())
    begin = 8 + int.from_bytes(data[:8], "little")
    for name, t in json.loads(data[8:begin]).items():
        if t.get("dtype") == "F32":
            first, end = t["data_offsets"]
            yield name, torch.frombuffer(
                data, dtype=torch.float32, count=(end - first) // 4,
                offset=begin + first).reshape(t["shape"])

tensors = dict(load_file(sys.argv[1]))  # the optimizer's are there, too
net.load_state_dict({name: tensors[name] for name in net.state_dict()})

idx = bytearray(gzip.open(sys.argv[2]).read())
pixels = torch.frombuffer(idx, dtype=torch.uint8, offset=16)
x = (pixels.reshape(-1, 1, 28, 28) / 255 - 0.1307) / 0.3081
print(net.eval()(x).argmax(1)[:10].tolist())
