/** Who asks: resolved once at the edge, checked by every operation against the rows' account. */
export interface Actor {
	userId: string;
	accountId: string;
}
