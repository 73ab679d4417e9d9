// Where the pages begin: who is there, in which language, then the page that the address names.
import { render } from 'preact'
import './styles/all.css'
import { App } from './app/app'
import { startKeys } from './app/keys'
import { startRouter } from './app/router'
import { startTheme } from './app/theme'
import { startVersion } from './app/version'
import { chosenLang, setLang } from './i18n'

startTheme()
startRouter()
startKeys()
startVersion()

async function begin() {
	if (chosenLang() === 'en') await setLang('en')
	render(<App />, document.getElementById('app')!)
}
void begin()
