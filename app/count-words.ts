/** "1,200": a number of credits or works as pages write it. */
export function countWords(count: number): string {
	return count.toLocaleString('en-US');
}
