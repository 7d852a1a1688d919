/** Grey shapes where things will be; after four seconds it says that the network is slow. */
export function Skeleton({ label, rows = 3 }: { label: string; rows?: number }) {
	return (
		<div aria-live="polite" aria-busy="true" className="skeleton">
			<span className="vh">{label}</span>
			{Array.from({ length: rows }, (_, row) => (
				<div className="sk" aria-hidden="true" key={row}>
					<i className="p" />
					<div>
						<i className="a" />
						<i className="b" />
					</div>
				</div>
			))}
			<p className="slow small muted">Still loading, the network is slow.</p>
		</div>
	);
}
