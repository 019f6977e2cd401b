import { defaultOf, flagOf, type Setting, settingNames, settings, variableOf } from "./settings.ts";

/** Every setting for people, as docs/configuration.md has it. */
export function settingsPage(): string {
  const rows = settingNames.map((name) => {
    const setting: Setting = settings[name];
    const flag = setting.secret ? "no flag: arguments can be read by others" : `\`${flagOf(name)}\``;
    return `| \`${variableOf(name)}\` | ${flag} | \`${name}\` | ${setting.about}; ${setting.takes} | ${defaultOf(name)} |`;
  });
  return `# Configuration

Nothing has to be set. What can be set is a flag of \`ganglion serve\`, an environment variable, or a line of a configuration file; where
several say it, the first of these counts. The file is JSON with comments:

\`\`\`jsonc
{
  "port": 8686,
  "standIns": true, // built-in models answer for those whose weights are not here
}
\`\`\`

It is \`ganglion.jsonc\` in the current folder, else the one in the data folder, or the one that \`GANGLION_CONFIG\` or \`--config\` names. An
unknown or broken setting is an error, and an empty variable is as if it were not there.

| variable | flag | in the file | what | default |
| --- | --- | --- | --- | --- |
${rows.join("\n")}

Variables that are no settings:

| variable | what |
| --- | --- |
| \`GANGLION_URL\` | with \`GANGLION_TOKEN\`: the server that \`ganglion dev\`, \`ganglion/dev\`, \`ganglion/vite\` and \`ganglion/miniflare\` ask, in place of one of their own |
| \`HF_ENDPOINT\` | address of the hub that \`ganglion pull\` fetches from; \`https://huggingface.co\` if it is not set |
| \`HF_TOKEN\` | your token for that hub, for repositories that want one; it is not sent over http |
| \`HF_HUB_CACHE\`, \`HF_HOME\`, \`XDG_CACHE_HOME\` | where Hugging Face's cache is, which is only read |
| \`NO_COLOR\` | no colours on the terminal |

## Stand-ins

With \`GANGLION_STAND_INS=1\` a model whose weights are not here is answered by the built-in model of its task; the servers that
\`ganglion dev\` and \`startGanglion()\` start have it on. What says so, and what does not:

| where | |
| --- | --- |
| the answer's headers | \`ganglion-served-by: @ganglion/tiny-chat\`, of a streamed chat too; not where speech or a transcript comes as events |
| its body | as if the model had answered: \`model\` is the name that was asked for |
| the ledger | both names; \`ganglion usage\` shows the one that was asked for, and its price counts |
| \`ganglion models\` | \`by a stand-in\` |

The same header names the weights that answer in a catalogue model's place because its own are in no form that runs here
([Models](models.md)).

Vectors of a stand-in have its number of dimensions: \`@ganglion/tiny-embed\` makes 512 where \`@cf/baai/bge-base-en-v1.5\` makes 768. An index
of 768 refuses them with error 40006. Make it with \`npx wrangler vectorize create NAME --dimensions=512 --metric=cosine\`, or bring the model with
\`ganglion pull @cf/baai/bge-base-en-v1.5\`. Vectors of two models cannot be mixed in one index: make it anew after a change.

## Settings of single models

What holds for all models need not hold for one: \`modelSettings\` says so by the model's name, or another name of it.

\`\`\`jsonc
{
  "keepAlive": 300,
  "modelSettings": {
    "@cf/meta/llama-3-8b-instruct": { "keepAlive": "forever", "sequences": 8, "contextTokens": 16384 },
    "@cf/qwen/qwen1.5-0.5b-chat": { "gpuLayers": 0, "threads": 2 }, // the GPU is for the large one
  },
}
\`\`\`

| setting | of models that are |
| --- | --- |
| \`threads\`, \`keepAlive\` | GGUF or ONNX |
| \`gpuLayers\`, \`contextTokens\`, \`sequences\` | GGUF |

## Exit codes

| code | |
| --- | --- |
| 0 | done; a server that was asked to end has ended |
| 1 | failed, with a line on stderr; \`NODE_DEBUG=ganglion\` shows where |
| 2 | wrong usage |
| 130 | interrupted |

## GPUs

llama.cpp's builds for CUDA and Vulkan take 620 MB on Linux, so a clone does not install them. \`npm run gpu\` fetches those for this kind of
machine into \`.cache/gpu\`, where they outlive \`npm ci\`; remove that folder to be without them. On Apple's machines the usual build uses
Metal. \`GANGLION_GPU=off\` computes on the processor all the same.

On an NVIDIA GPU the build for Vulkan is the smaller one, 84 MB; it needs the loader (\`libvulkan1\` of Debian and Ubuntu) beside the driver.
\`ganglion ps\` shows the memory of the machine that a model takes, and \`nvidia-smi\` the GPU's. \`docs/status.md\` says on which GPUs models were seen.
`;
}
