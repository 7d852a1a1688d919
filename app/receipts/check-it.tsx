/** How a receipt is checked without us, and what no receipt can prove. */
export function CheckIt({ id, treeSize }: { id: string; treeSize: number | null }) {
	return (
		<section className="below no-print">
			<h2>Check it without us</h2>
			<p className="soft">
				Download the signed file and our <a href="/.well-known/afterglow-keys.json">public keys</a>. Then, offline, in a
				copy of the source code:
			</p>
			<code className="command">{`node scripts/verify-receipt.mjs receipt-${id}.json --key afterglow-keys.json`}</code>
			<p className="soft">
				{treeSize === null
					? 'From the next signed head on, the file also proves its place in the log.'
					: 'The file also proves its place in the log.'}{' '}
				Keep the <a href="/.well-known/afterglow-log.json">newest head</a> beside it: next year the same command, with{' '}
				<code>--old-head</code>, shows that nothing was taken out of the log since.
			</p>
			<h2>What this receipt cannot prove</h2>
			<p className="soft">
				It cannot see copies made by people who were shown the photo. It proves what our systems did, signed by our key,
				in a log that nobody can rewrite unnoticed.
			</p>
		</section>
	);
}
