import { AppError } from '../../workers/core/errors';
import type { WorkQueue } from '../../workers/core/messages';
import { interceptD1 } from './intercepted-d1';

/*
 * Every call that a flow makes to the outside (D1, queue, gateways, stores) is a point at which it may fail or die. A run counts
 * them; then the flow is run once for each point and way of failing, and after it whatever tidies up in production.
 */

/**
 * `fail`: the call throws, and the flow may go on with what it does about that. `kill`: the Worker is gone, so no later call is made
 * either. `before` and `after`: whether what was asked had been done.
 */
export const CRASH_KINDS = ['fail_before', 'fail_after', 'kill_before', 'kill_after'] as const;
export type CrashKind = (typeof CRASH_KINDS)[number];

export interface Crash {
	/** The call that it happens at, counted from 0. */
	at: number;
	kind: CrashKind;
}

/** Not one that D1 asks to retry: each repetition would be a point of its own, and wait in real time. */
const FAILED = 'D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.';

/** Thrown by the call at which a Worker dies, and by all that it would have made after it. */
export class Killed extends Error {
	override readonly name = 'Killed';
}

export interface CrashPoints {
	/** Names of the calls made so far, oldest first: `d1`, `queue.send`, `stripe.readCheckout`. */
	readonly calls: readonly string[];
	/** Whether the crash has happened. */
	readonly hasHappened: () => boolean;
	d1(db: D1Database): D1Database;
	queue(queue: WorkQueue): WorkQueue;
	/** A gateway or store, all of whose methods answer with promises. */
	gateway<T extends object>(name: string, gateway: T): T;
}

/** Points that count, and crash as told; `null` only counts. What a gateway fails with is what core's gateways say when nobody answers. */
export function crashPoints(crash: Crash | null): CrashPoints {
	const calls: string[] = [];
	let isDead = false;
	let hasHappened = false;

	async function pass<T>(name: string, fault: () => Error, run: () => Promise<T>): Promise<T> {
		if (isDead) throw new Killed(`${name} after the end`);
		const isHere = calls.length === crash?.at;
		calls.push(name);
		if (!isHere) return run();
		hasHappened = true;
		const isKill = crash.kind.startsWith('kill');
		if (crash.kind.endsWith('after')) await run();
		isDead = isKill;
		throw isKill ? new Killed(name) : fault();
	}

	return {
		calls,
		hasHappened: () => hasHappened,
		d1: (db) => interceptD1(db, (_, run) => pass('d1', d1Fault, run)),
		queue: (queue) => ({
			send: (...args) =>
				pass(
					'queue.send',
					() => new Error('the queue did not take it'),
					() => queue.send(...args),
				),
		}),
		gateway: (name, gateway) => interceptMethods(gateway, (method, run) => pass(`${name}.${method}`, silence, run)),
	};
}

function d1Fault(): Error {
	return new Error(FAILED);
}

function silence(): AppError {
	return new AppError('upstream_unavailable', 'Nobody answers at this point.');
}

/** An object whose every method call is handed to `around` before it is made. */
export function interceptMethods<T extends object>(
	target: T,
	around: <R>(method: string, run: () => Promise<R>) => Promise<R>,
): T {
	return new Proxy(target, {
		get(from, property) {
			const member: unknown = Reflect.get(from, property, from);
			if (typeof member !== 'function') return member;
			return (...args: unknown[]) => around(String(property), async () => Reflect.apply(member, from, args));
		},
	});
}

/**
 * Runs a flow that makes `count` calls with a crash at each of them, in every way that leaves something else behind; answers how often.
 * `run` answers the calls of its own run. A flow that called nothing after its failure leaves what it leaves when its Worker dies
 * there, and a Worker that dies after a call what one leaves that dies before the next.
 */
export async function crashEverywhere(
	count: number,
	run: (crash: Crash) => Promise<{ readonly calls: readonly string[] }>,
): Promise<number> {
	let runs = 0;
	const crash = async (at: number, kind: CrashKind): Promise<boolean> => {
		runs += 1;
		const { calls } = await run({ at, kind });
		return calls.length > at + 1;
	};
	for (let at = 0; at < count; at += 1) {
		if (await crash(at, 'fail_before')) await crash(at, 'kill_before');
		const hasGoneOn = await crash(at, 'fail_after');
		if (hasGoneOn && at === count - 1) await crash(at, 'kill_after');
	}
	return runs;
}

/** Runs what is expected to be broken off: whatever the crash made it throw, and nothing else, is swallowed. */
export async function untilCrash(points: CrashPoints, flow: () => Promise<unknown>): Promise<void> {
	try {
		await flow();
	} catch (error) {
		if (!points.hasHappened()) throw error;
	}
}
