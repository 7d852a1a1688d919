/**
 * Writes and reads content credentials (C2PA) with c2pa-rs as WebAssembly. Pure of the place it runs in: the worker of a page starts it
 * with the module's own file, and tests with the same.
 */
import { loadSettings, WasmBuilder, WasmReader } from '@contentauth/c2pa-wasm';
import * as z from 'zod/mini';

import { findLabelled, placeholder, putSignature } from './boxes';

type Bytes = Uint8Array<ArrayBuffer>;

/** What a mark says, as the api told it. */
export interface MarkFacts {
	readonly label: string | null;
	readonly digitalSourceType: string;
	/** How long the signature will be. */
	readonly signatureBytes: number;
}

export interface Claim {
	/** CBOR. */
	readonly claim: Bytes;
	/** The content of the box of its actions. */
	readonly actions: Bytes;
}

/** Gives the COSE_Sign1 over a claim, of the announced length. */
export type SignClaim = (claim: Claim) => Promise<Bytes>;

const GENERATOR = 'Afterglow';
const ACTIONS = 'c2pa.actions.v2';
/** Nobody is asked whether a signer is trusted: no list of trust lies here, and none is fetched. */
const SETTINGS = JSON.stringify({
	verify: { verify_after_sign: false, verify_trust: false, remote_manifest_fetch: false, ocsp_fetch: false },
});

/** Once, behind the start of the module. */
export function settle(): void {
	loadSettings(SETTINGS);
}

const Signed = z.object({ manifest: z.instanceof(Uint8Array), asset: z.instanceof(Uint8Array) });

/**
 * The file with a mark in it: one action, the one that made it. It is signed last, with the claim and the actions in hand, so that who
 * signs can read what it is about: until then a placeholder stands there. Null: its maker marked it already, and that is left as it is.
 */
export async function writeMark(file: Blob, facts: MarkFacts, sign: SignClaim): Promise<Bytes | null> {
	if ((await readMark(file)) !== null) return null;
	const { label, digitalSourceType, signatureBytes } = facts;
	const action = {
		action: 'c2pa.created',
		when: `${new Date().toISOString().slice(0, 19)}Z`,
		softwareAgent: { name: GENERATOR },
		digitalSourceType,
		...(label === null ? {} : { description: label }),
	};
	const builder = WasmBuilder.fromJson(
		JSON.stringify({
			claim_generator_info: [{ name: GENERATOR, version: '1' }],
			assertions: [{ label: ACTIONS, data: { actions: [action] }, created: true }],
		}),
	);
	const place = placeholder(signatureBytes);
	let claim: Bytes | null = null;
	const signer = {
		alg: 'es256',
		reserveSize: signatureBytes,
		sign: (bytes: Bytes) => {
			claim = bytes.slice();
			return Promise.resolve(place.slice());
		},
	};
	try {
		const { manifest, asset } = Signed.parse(await builder.signAndGetManifestBytes(signer, file.type, file));
		const actions = findLabelled(new Uint8Array(manifest), ACTIONS);
		if (claim === null || actions === null) throw new Error('The manifest has no claim or no actions.');
		const marked = new Uint8Array(asset);
		putSignature(marked, place, await sign({ claim, actions: actions.slice() }));
		return marked;
	} finally {
		builder.free();
	}
}

/** What a mark says of itself and of the file that it is in. */
export interface ReadMark {
	/** `whole`: signature and file fit. `changed`: the file is another than was signed. `broken`: the mark itself does not hold. */
	readonly state: 'whole' | 'changed' | 'broken';
	readonly generator: string | null;
	readonly digitalSourceType: string | null;
	readonly label: string | null;
	readonly when: string | null;
	/** Who the certificate says it is. */
	readonly signedBy: string | null;
	readonly isOurs: boolean;
}

const Store = z.object({
	active_manifest: z.optional(z.string()),
	validation_state: z.optional(z.string()),
	validation_status: z.optional(z.array(z.object({ code: z.string() }))),
	manifests: z.record(
		z.string(),
		z.object({
			claim_generator: z.optional(z.string()),
			claim_generator_info: z.optional(z.array(z.object({ name: z.string() }))),
			signature_info: z.optional(
				z.object({ issuer: z.optional(z.nullable(z.string())), common_name: z.optional(z.nullable(z.string())) }),
			),
			assertions: z.optional(z.array(z.object({ label: z.string(), data: z.unknown() }))),
		}),
	),
});
type Manifest = z.infer<typeof Store>['manifests'][string];

const Actions = z.object({
	actions: z.array(
		z.object({
			digitalSourceType: z.optional(z.string()),
			description: z.optional(z.string()),
			when: z.optional(z.string()),
		}),
	),
});

/** Whose bytes differ from those that were signed, as C2PA names it (§15.12). */
const CHANGED = /^assertion\.(dataHash|bmffHash|boxesHash|collectionHash)\.mismatch$/;

/** The mark in a file; null: there is none. Throws where the file is not one of its type. */
export async function readMark(file: Blob): Promise<ReadMark | null> {
	const reader = await readerOf(file);
	if (reader === null) return null;
	try {
		const store = Store.parse(JSON.parse(reader.json()));
		const manifest = store.manifests[store.active_manifest ?? ''];
		if (manifest === undefined) return null;
		const codes = (store.validation_status ?? []).map(({ code }) => code).filter((code) => !UNTRUSTED.has(code));
		const isWhole = store.validation_state === 'Valid' || store.validation_state === 'Trusted';
		const state =
			isWhole && codes.length === 0 ? 'whole' : codes.every((code) => CHANGED.test(code)) ? 'changed' : 'broken';
		return { state, ...factsOf(manifest) };
	} finally {
		reader.free();
	}
}

/** Said of everybody here, since no list of trust is asked. */
const UNTRUSTED = new Set(['signingCredential.untrusted']);
const NO_MARK = /JumbfNotFound|no JUMBF|ProvenanceMissing/i;

async function readerOf(file: Blob): Promise<WasmReader | null> {
	try {
		return await WasmReader.fromBlob(file.type, file);
	} catch (error) {
		if (NO_MARK.test(String(error))) return null;
		throw error;
	}
}

function factsOf(manifest: Manifest): Omit<ReadMark, 'state'> {
	const { claim_generator_info: programs, claim_generator: program, signature_info: signature } = manifest;
	const told = manifest.assertions?.find(({ label }) => label.startsWith('c2pa.actions'));
	const actions = Actions.safeParse(told?.data);
	const first = actions.success ? actions.data.actions[0] : undefined;
	const generator = programs?.[0]?.name ?? program ?? null;
	return {
		generator,
		digitalSourceType: first?.digitalSourceType ?? null,
		label: first?.description ?? null,
		when: first?.when ?? null,
		signedBy: signature?.common_name ?? signature?.issuer ?? null,
		isOurs: generator === GENERATOR,
	};
}
