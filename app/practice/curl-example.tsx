/** How a program asks with a key, to paste into a shell. The key stands in a variable, so it is in no history. */
export function CurlExample({ origin, label }: { origin: string; label: string }) {
	return (
		<div className="stack-2">
			<p className="soft">{label}</p>
			<code className="command">{`curl ${origin}/v1/credits \\\n  -H "Authorization: Bearer $AFTERGLOW_KEY"`}</code>
		</div>
	);
}
