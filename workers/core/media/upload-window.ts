/**
 * How long bytes may still come in for one upload, said in one place: the Worker that stores photos and the sweep that calls
 * a place empty have to agree, or a photo is stored after its deletion was proved.
 */

/** Life of an upload address. A request that begins later is refused before a byte is read. */
export const PUT_MINUTES = 10;

/**
 * A body under way when its address ended may end this long after it, and is stored; one that ends later is refused and nothing
 * is stored. Two minutes let a phone on a slow uplink finish what it began in time.
 */
export const BODY_GRACE_MS = 2 * 60_000;

/**
 * From this long after the address ended, nothing can come any more, and an empty place stays empty. It has to be longer than
 * BODY_GRACE_MS: the difference is room for a write to storage that began inside the grace, and for clocks that differ.
 */
export const LATE_PUT_MS = 5 * 60_000;
