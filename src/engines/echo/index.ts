export * from "./echo.ts";
