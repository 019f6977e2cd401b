/** A file as a hub lists it. */
export interface ListedFile {
  /** Within the repository. */
  readonly path: string;
  readonly bytes: number;
  readonly digest: Digest;
}

/**
 * What the content must have. Hubs know the SHA-256 of large files only, and of the others the id that git gives them: the SHA-1 of
 * `blob SIZE\0` and the content.
 */
export type Digest = `sha256:${string}` | `git:${string}`;
