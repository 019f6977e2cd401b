export { createPostgresDatabase, type PostgresClient, type PostgresPool, type PostgresQuery, type PostgresResult } from "./database.ts";
