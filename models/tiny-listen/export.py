"""python3 export.py NET.pt FOLDER: the network as transformers.js and Hugging Face's exporters lay Whisper out. Without a file the weights are random."""
import json, os, sys
import numpy, onnx, torch, torch.nn as nn
from onnx import TensorProto, helper, numpy_helper
from listening import FFT, FRAMES, HOP, MELS, RATE, SECONDS
from network import END, ENGLISH, MARKS, NOTHING, POSITIONS, SHAPE, START, TEXT, TOKENS, TRANSCRIBE, WORDS, Network

net_file, out = sys.argv[1], sys.argv[2]
torch.manual_seed(3)
net = Network()
if net_file != "random": net.load_state_dict(torch.load(net_file))
net.eval()
os.makedirs(f"{out}/onnx", exist_ok=True)


class Encoder(nn.Module):
    def forward(self, features): return net.read(features)


class Decoder(nn.Module):
    """One graph for the first tokens and for those after: what the cross-attention keeps is made where use_cache_branch is false, else taken over."""
    def forward(self, ids, states, again, *past):
        logits, present = net.write(ids, states, past, again.long()[0])
        return (logits, *present)


def halve(path):
    """Large weights are stored as float16 and cast in the graph; arithmetic stays float32."""
    model, casts = onnx.load(path), []
    for weight in model.graph.initializer:
        if weight.data_type != TensorProto.FLOAT or numpy.prod(weight.dims) < 256: continue
        value, name = numpy_helper.to_array(weight), weight.name
        weight.CopyFrom(numpy_helper.from_array(value.astype(numpy.float16), name + "_half"))
        casts.append(helper.make_node("Cast", [name + "_half"], [name], to=TensorProto.FLOAT))
    for i, cast in enumerate(casts): model.graph.node.insert(i, cast)
    for node in model.graph.node: node.doc_string = ""
    model.producer_name = "ganglion tiny-listen"
    onnx.checker.check_model(model)
    onnx.save(model, path)
    print(path, os.path.getsize(path), "bytes")


encoder, decoder = Encoder(), Decoder()
encoder.net = decoder.net = net
kinds = [f"{i}.{who}.{what}" for i in range(SHAPE["decoder"]) for who in ("decoder", "encoder") for what in ("key", "value")]
size = SHAPE["d"] // SHAPE["heads"]
batch = {0: "batch_size"}
with torch.no_grad():
    x = torch.randn(2, MELS, FRAMES)
    torch.onnx.export(encoder, (x,), f"{out}/onnx/encoder_model.onnx", input_names=["input_features"], output_names=["last_hidden_state"],
                      dynamic_axes={"input_features": batch, "last_hidden_state": batch}, opset_version=14)
    past = [torch.randn(2, SHAPE["heads"], POSITIONS if ".encoder." in kind else 3, size) for kind in kinds]
    axes = {"input_ids": {0: "batch_size", 1: "length"}, "encoder_hidden_states": {0: "batch_size", 1: "encoder_length"}, "logits": {0: "batch_size", 1: "length"}}
    for kind in kinds:
        side = "encoder_past" if ".encoder." in kind else "past"
        axes[f"past_key_values.{kind}"] = {0: "batch_size", 2: side}
        axes[f"present.{kind}"] = {0: "batch_size", 2: f"{side}_out"}
    torch.onnx.export(decoder, (torch.tensor([[START, ENGLISH]] * 2), net.read(x), torch.tensor([True]), *past), f"{out}/onnx/decoder_model_merged.onnx",
                      input_names=["input_ids", "encoder_hidden_states", "use_cache_branch", *(f"past_key_values.{kind}" for kind in kinds)],
                      output_names=["logits", *(f"present.{kind}" for kind in kinds)], dynamic_axes=axes, opset_version=14)
for graph in ("encoder_model", "decoder_model_merged"): halve(f"{out}/onnx/{graph}.onnx")


def save(name, content):
    with open(f"{out}/{name}", "w") as f: json.dump(content, f, indent=1); f.write("\n")

save("config.json", dict(model_type="whisper", architectures=["WhisperForConditionalGeneration"], d_model=SHAPE["d"], encoder_layers=SHAPE["encoder"], decoder_layers=SHAPE["decoder"],
     encoder_attention_heads=SHAPE["heads"], decoder_attention_heads=SHAPE["heads"], num_mel_bins=MELS, vocab_size=len(TOKENS), max_source_positions=POSITIONS,
     max_target_positions=SHAPE["target"], decoder_start_token_id=START, eos_token_id=END))
save("generation_config.json", dict(is_multilingual=True, lang_to_id={"<|en|>": ENGLISH}, decoder_start_token_id=START, eos_token_id=END, max_initial_timestamp_index=POSITIONS,
     suppress_tokens=[], begin_suppress_tokens=[]))
save("preprocessor_config.json", dict(feature_extractor_type="WhisperFeatureExtractor", feature_size=MELS, sampling_rate=RATE, n_fft=FFT, hop_length=HOP, chunk_length=SECONDS,
     n_samples=SECONDS * RATE, nb_max_frames=FRAMES, padding_value=0.0))
# It has not learned to go on from a text before: without that mark it is given none.
names = [token.replace(" ", "\u0120").replace("startofprev", "unused") for token in TOKENS]
save("tokenizer.json", dict(version="1.0", truncation=None, padding=None, normalizer=None, post_processor=None,
     added_tokens=[dict(id=i, content=names[i], single_word=False, lstrip=False, rstrip=False, normalized=False, special=True) for i in range(TEXT, len(names))],
     pre_tokenizer=dict(type="ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=True), decoder=dict(type="ByteLevel", add_prefix_space=True, trim_offsets=True, use_regex=True),
     model=dict(type="BPE", unk_token=None, continuing_subword_prefix="", end_of_word_suffix="", fuse_unk=False, vocab={name: i for i, name in enumerate(names)}, merges=[])))
save("tokenizer_config.json", dict(tokenizer_class="WhisperTokenizer", add_prefix_space=False))
