export { openSqliteDatabase } from "./database.ts";
export { lockDataFolder, type DataFolderLock } from "./lock.ts";
