import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether somebody presents the operator's key. Hashes are compared, in constant time, so that neither length nor content shows. */
export function isOperatorKey({ presented, operatorKey }: { presented: string; operatorKey: string }): boolean {
	return timingSafeEqual(hashOf(presented), hashOf(operatorKey));
}

function hashOf(key: string): Uint8Array {
	return createHash('sha256').update(key).digest();
}
