export { fileNameOf, type Files, fileTypes, importKey, isFileName, type NewFile, type StoredFile, typeOf } from "./files.ts";
