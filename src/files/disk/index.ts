export { type DiskFilesOptions, openDiskFiles } from "./disk.ts";
