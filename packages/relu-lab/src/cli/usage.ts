/** What --help prints; a test runs its examples. */
export const usage = `Counts the pieces of a ReLU network exactly.

  relu-lab regions FILE     regions on a line, on a plane, in a box of 1, 2 or 3 inputs; up to 8 with --count
  relu-lab segment FILE     pieces along a line
  relu-lab distance FILE    distances of points to the boundaries of their activation regions

Where to look; a JSON file of ours may say it itself ("domain", "line", "distance_to_boundary"):
  --box LO,HI               every input from LO to HI, or one pair for each:      --box 0,1,-1,1
                            (inputs that do not vary, as in 0,0, leave a line or a plane of the others)
  --line P,Q                from point P to point Q:                              --line [0,0],[1,1]
  --point X                 a point, as often as needed; two make a line, three a plane:   --point [0.5,0.5]
                            Points are lists in brackets, JSON files of numbers (nested as an image's rows are, or
                            { "x": [...] }, { "points": [...] }), or training images of MNIST:   --line mnist:3,7
  --plane WHAT              a plane through input space:
                              random or random:SEED, through a random point of the cube [-1, 1] or of the box given:
                                                                                  --plane random:1
                              axes:I,J: inputs I and J vary (from 0), the others stay at --point, at the centre of the
                              box given, or at 0:                                 --plane axes:0,1
                              three points:                                       --plane [0,0,1],[1,0,0],[0,1,0]
                                                                                  --plane mnist:3,7,9
                              a JSON file with three "points", or with "origin", two "directions", "lo" and "hi"
                            Beside it, --box LO,HI or --box LO,HI,LO,HI bounds the plane in its own coordinates; a pair
                            for each of three or more inputs, or --vnnlib, is the box of inputs to which it is cut;
                            --point is where random and axes go through:          --plane axes:0,1 --point [0,0,1]
  --whole-space             everywhere, for up to eight inputs, with --count:       --whole-space --count
  --vnnlib FILE             the input box of a VNN-LIB property, FILE#2 is the second of several:
                                                                                  --vnnlib prop_1.vnnlib
  Of a box, \`segment\` takes the diagonal and \`distance\` the centre; of a plane, its first direction and its middle; of
  a line, \`distance\` takes both ends.

How to read FILE, where it does not say it itself:
  --activation relu|leaky:A what stands behind hidden layers:                     --activation leaky:0.01
  --last relu|linear        what stands behind the last layer (default linear):   --last relu
  --layers A,B,C            which layers, and in which order:                     --layers fc1,fc2,out
  --output NAME             the output that is wanted, where a file has several (default: its first): --output logits
  --raw                     without the normalisation of a .nnet file:            --raw

What to answer; the first six are those of \`regions\`:
  --count                   activation regions only: neither linear regions nor maps
  --shard I/N               counts part I of N and writes a record, for --merge:   --count --shard 3/64 --into parts
  --into DIR                where the record goes (default: this folder):         --count --shard 1/2 --into parts
  --merge DIR               adds up the records of all parts in DIR:              --count --merge parts
  --resume FILE             keeps each part of a long count in FILE, and goes on from there:  --count --resume long.jsonl
  --workers N               threads (default: one a core, where it pays):         --workers 2
  --statistics              areas (lengths, volumes), edges, neighbours, distinct patterns and gradients too
  --boundary                the decision boundary on a plane, by pair of classes; drawn in the picture too
  --picture FILE            draws the regions of a plane; FILE ends in .svg or .png:  --picture regions.svg
  --mark X                  marks a point in the picture, as often as needed:     --mark [0.5,0.5]
  --json                    one JSON object instead of a table

FILE is a piecewise-linear ONNX graph or TensorFlow.js graph model (.onnx, model.json), a Keras or TensorFlow.js layers
model (.keras, .h5, model.json with its weights beside it), weights of dense layers with ReLU between them (.pt, .npz,
.safetensors, .nnet), each of them also as .gz, or JSON: { "sizes": [...], "layers": [{ "W": [[...]], "b": [...], "activation": "relu" | "linear" }],
  "domain": { "type": "box", "lo": [...], "hi": [...] } or { "type": "slice", "c", "u", "v", "lo", "hi" },
  "line": { "p": [...], "d": [...] }, "distance_to_boundary": [{ "x": [...] }] }
A layer's "activation" may be { "leaky": 0.1 }; a layer may be { "type": "residual", "blocks": [layers] } (an identity
skip), { "type": "convolution", "kernel", "size", "b", "stride", "padding", "activation" }, { "type": "max-pool" |
"average-pool", "size", "stride" } or { "type": "activation" }, with "input": [height, width, channels] for images.`;
