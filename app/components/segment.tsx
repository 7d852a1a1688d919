interface SegmentProps<Value extends string> {
	readonly name: string;
	readonly legend: string;
	/** Two to four; more belong in a select. */
	readonly options: readonly { readonly value: Value; readonly label: string }[];
	readonly defaultValue?: Value;
	readonly value?: Value;
	readonly onChange?: (value: Value) => void;
}

/** Two to four words in a well. Native radios: arrow keys, forms and no script come with them. */
export function Segment<Value extends string>(props: SegmentProps<Value>) {
	const { name, legend, options, defaultValue, value, onChange } = props;
	return (
		<fieldset>
			<legend className="vh">{legend}</legend>
			<div className="seg">
				{options.map((option) => (
					<label key={option.value}>
						<input
							type="radio"
							name={name}
							value={option.value}
							{...(value === undefined
								? { defaultChecked: option.value === defaultValue }
								: { checked: option.value === value })}
							onChange={() => onChange?.(option.value)}
						/>
						<span>{option.label}</span>
					</label>
				))}
			</div>
		</fieldset>
	);
}
