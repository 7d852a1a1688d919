/** A bar in hand, hatched; the spoken one is the browser's own. */
export function Meter({ perCent, label }: { perCent: number; label: string }) {
	return (
		<div>
			<progress className="vh" aria-label={label} value={perCent} max={100} />
			<div className="meter" aria-hidden="true">
				<i className="held" style={{ width: `${perCent}%` }} />
			</div>
		</div>
	);
}
