/** What a command ends with: all is well; it found something that somebody should look at; it was called wrongly; it could not be done. */
export const STATUS = { fine: 0, found: 1, wrongUse: 2, notDone: 3 } as const;
export type Status = (typeof STATUS)[keyof typeof STATUS];

/** The call itself is wrong: nothing was sent. */
export class WrongUse extends Error {
	override readonly name = 'WrongUse';
}

/** It was sent and refused, or could not be sent. */
export class NotDone extends Error {
	override readonly name = 'NotDone';
}
