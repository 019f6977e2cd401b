/** Source of the words and limits: developers.cloudflare.com/vectorize, pages of 2026-08. */

export const metrics = ["cosine", "euclidean", "dot-product"] as const;
export type Metric = (typeof metrics)[number];

export const propertyTypes = ["string", "number", "boolean"] as const;
export type PropertyType = (typeof propertyTypes)[number];

export interface NewVectorIndex {
  readonly name: string;
  readonly description: string;
  readonly dimensions: number;
  readonly metric: Metric;
}

export interface VectorIndex extends NewVectorIndex {
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface Vector {
  readonly id: string;
  readonly values: readonly number[];
  readonly namespace: string | undefined;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

/** A property of the metadata that vectors can be filtered by; only those that are written after it was made. */
export interface MetadataIndex {
  readonly property: string;
  readonly type: PropertyType;
}

export interface VectorQuery {
  /** The values, or the id of a vector that is there. */
  readonly near: readonly number[] | string;
  readonly topK: number;
  /** Absent: all of them. */
  readonly namespace: string | undefined;
  /** As it came: `{ "genre": "jazz", "year": { "$gte": 1960 } }`. */
  readonly filter: Readonly<Record<string, unknown>> | undefined;
  readonly withValues: boolean;
  readonly withMetadata: "none" | "indexed" | "all";
}

/** `score` of a cosine is 1 for the same direction, of a dot product higher for nearer, of a distance 0 for the same place. */
export interface Match {
  readonly id: string;
  readonly score: number;
  readonly namespace: string | undefined;
  readonly values: readonly number[] | undefined;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

export interface VectorPage {
  readonly ids: readonly string[];
  readonly total: number;
  /** Where the next page begins; undefined: this was the last. */
  readonly cursor: string | undefined;
}

/** One index. What a write wrote is found by whatever is asked after it. */
export interface OpenVectorIndex {
  readonly about: VectorIndex;
  info(): Promise<{ readonly vectors: number; readonly mutationId: string | undefined; readonly mutatedAt: number | undefined }>;
  remove(): Promise<void>;
  /**
   * All or none. `insert` leaves a vector alone whose id is there, `upsert` replaces it.
   * @returns the id of the mutation
   * @throws Problem `bad-input` where a vector has another number of dimensions
   */
  write(vectors: readonly Vector[], how: "insert" | "upsert"): Promise<string>;
  find(ids: readonly string[]): Promise<readonly Vector[]>;
  delete(ids: readonly string[]): Promise<string>;
  page(count: number, cursor: string | undefined): Promise<VectorPage>;
  /**
   * The nearest first, found by looking at every vector of the namespace that the filter lets through.
   * @throws Problem `bad-input` for a filter or a vector that does not fit
   */
  query(query: VectorQuery): Promise<readonly Match[]>;
  metadataIndexes(): Promise<readonly MetadataIndex[]>;
  createMetadataIndex(index: MetadataIndex): Promise<string>;
  deleteMetadataIndex(property: string): Promise<string>;
}

/** The vector indexes of all accounts. An account sees its own: another's name is one that never was. */
export interface VectorIndexes {
  /** @throws Problem `bad-input` where the account has an index of that name */
  create(accountId: string, index: NewVectorIndex): Promise<OpenVectorIndex>;
  list(accountId: string): Promise<readonly VectorIndex[]>;
  /**
   * @param dimensions of vectors that are to be written: where indexes make themselves, one that is not there is made with them
   * @throws Problem `not-found`
   */
  open(accountId: string, name: string, dimensions?: number): Promise<OpenVectorIndex>;
}
