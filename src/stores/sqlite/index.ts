export { openSqliteDatabase } from "./database.ts";
export { lockDataFolder, type DataFolderLock } from "./lock.ts";
export { makeFolder } from "./make-folder.ts";
