/**
 * The names that core's types take from the Workers' runtime, and only those: the whole set would replace Node's own
 * `fetch`, `URL` and streams in every program that is compiled together with these.
 */
import type { webcrypto } from 'node:crypto';

import type * as runtime from '@cloudflare/workers-types';

declare global {
	type D1Database = runtime.D1Database;
	type D1PreparedStatement = runtime.D1PreparedStatement;
	type Queue<Body = unknown> = runtime.Queue<Body>;
	type R2Bucket = runtime.R2Bucket;
	type CryptoKey = webcrypto.CryptoKey;
	type RequestInfo = string | URL | Request;
}
