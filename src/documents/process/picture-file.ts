import { preparePicture } from "./prepare-picture.ts";
import type { ReadText } from "./read-text.ts";

export const readPictureFile: ReadText = async ({ file }, pictures) => pictures.markPrepared(await preparePicture({ bytes: file.bytes }));
