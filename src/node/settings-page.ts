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
