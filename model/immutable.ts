/** A value that nobody changes, all the way down: what a schema describes, as the program passes it on. */
export type Immutable<T> = T extends object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;
