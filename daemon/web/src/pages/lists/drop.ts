// A file dropped anywhere on a page goes to the page that sends it; the file itself waits here meanwhile.
import { useEffect, useState } from 'preact/hooks'
import { go } from '../../app/router'

let waiting: File | null = null
export function takeDropped(): File | null {
	const file = waiting
	waiting = null
	return file
}

export function useDrop(on: boolean, take?: (file: File) => void): boolean {
	const [over, setOver] = useState(false)
	useEffect(() => {
		if (!on) return
		const files = (e: DragEvent) => e.dataTransfer?.types.includes('Files')
		const dragged = (e: DragEvent) => {
			if (!files(e)) return
			e.preventDefault()
			setOver(true)
		}
		const left = (e: DragEvent) => {
			if (e.relatedTarget === null) setOver(false)
		}
		const dropped = (e: DragEvent) => {
			if (!files(e)) return
			e.preventDefault()
			setOver(false)
			const file = e.dataTransfer!.files[0]
			if (!file) return
			if (take) take(file)
			else {
				waiting = file
				go('/daftar/kirim')
			}
		}
		window.addEventListener('dragover', dragged)
		window.addEventListener('dragleave', left)
		window.addEventListener('drop', dropped)
		return () => {
			window.removeEventListener('dragover', dragged)
			window.removeEventListener('dragleave', left)
			window.removeEventListener('drop', dropped)
		}
	}, [on, take])
	return over
}
