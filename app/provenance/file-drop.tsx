import { FileSearch } from 'lucide-react';
import { useState, type DragEvent } from 'react';

interface FileDropProps {
	readonly onPick: (file: File) => void;
	/** A file was read: choosing another is no longer the one thing to do. */
	readonly hasFile: boolean;
}

/** Choose a file or drag it here; the input is the browser's own. */
export function FileDrop({ onPick, hasFile }: FileDropProps) {
	const [isOver, setIsOver] = useState(false);
	const drop = (event: DragEvent) => {
		event.preventDefault();
		setIsOver(false);
		const file = event.dataTransfer.files[0];
		if (file !== undefined) onPick(file);
	};
	return (
		<div
			className="file-drop"
			data-over={isOver}
			onDragOver={(event) => {
				event.preventDefault();
				setIsOver(true);
			}}
			onDragLeave={() => setIsOver(false)}
			onDrop={drop}
		>
			<label className={`btn ${hasFile ? 'line' : 'main'} file-pick`}>
				<FileSearch size={18} strokeWidth={1.75} aria-hidden="true" />
				{hasFile ? 'Choose another file' : 'Choose a file'}
				<input
					type="file"
					accept="image/jpeg,image/png,image/webp,video/mp4,application/json,.json"
					onChange={(event) => {
						const file = event.currentTarget.files?.[0];
						if (file !== undefined) onPick(file);
						// The same file can be chosen again.
						event.currentTarget.value = '';
					}}
				/>
			</label>
			<p className="small muted">Or drag it here. A picture, a film, or a statement that lay beside one.</p>
		</div>
	);
}
