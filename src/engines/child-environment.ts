/**
 * What a child needs from the server's environment: to find programs and libraries, to speak the user's language, and to choose a GPU.
 * Everything else, tokens above all, stays with the server.
 */
const passed =
  /^(PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|WINDIR|NODE_EXTRA_CA_CERTS|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|CUDA_\w+|NVIDIA_VISIBLE_DEVICES|HIP_\w+|ROCR_\w+|GGML_\w+|VK_\w+|OMP_\w+)$/i;

export function childEnvironment(all: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined && passed.test(entry[0])),
  );
}
