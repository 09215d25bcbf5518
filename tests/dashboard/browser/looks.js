// What a page is made of and what sticks out of it, for tests:
//   kinds: tag and attribute names of each element, each once
//   wrong: sentences on what breaks the page: wider than the window, out of its cell or row, text that is not isolated, links
//   frame: where the page's own header and footer are
() => {
  const wrong = new Set()
  const name = element => element.tagName.toLowerCase() + (element.className.length ? `.${element.className}` : '')
  const short = text => JSON.stringify(text.trim().slice(0, 40))
  const root = document.documentElement
  if (root.scrollWidth > root.clientWidth) wrong.add(`the page is ${root.scrollWidth} wide in a window of ${root.clientWidth}`)

  const all = [...document.querySelectorAll('*')]
  const kinds = new Set(all.map(element =>
    `${element.localName}[${[...element.attributes].map(one => one.name).sort().join(' ')}]`))

  const scrolls = element => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(at).overflowX)) return true
    return false
  }
  for (const element of document.body.querySelectorAll('*:not(svg *)')) {
    const box = element.getBoundingClientRect()
    if (!box.width || !box.height) continue
    const style = getComputedStyle(element)
    if (box.right <= 0 || style.clipPath !== 'none') continue // out of sight on purpose: the skip link, words for readers aloud
    if ((box.right > root.clientWidth + 1 || box.left < -1) && !scrolls(element))
      wrong.add(`${name(element)} sticks out: ${short(element.textContent)}`)
    if (style.overflowX === 'visible' && style.display !== 'inline' && element.scrollWidth > element.clientWidth + 2
        && element.clientWidth && !scrolls(element)) wrong.add(`${name(element)} is too narrow for ${short(element.textContent)}`)
    const row = element.closest('tr')
    if (row && element !== row && style.position === 'static') {
      const around = row.getBoundingClientRect()
      const cell = element.closest('td, th')
      if (!(cell && (cell.rowSpan > 1)) && (box.top < around.top - 2 || box.bottom > around.bottom + 2))
        wrong.add(`${name(element)} is out of its row: ${short(element.textContent)}`)
    }
  }

  const turns = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069]/
  const apart = element => {
    for (let at = element; at; at = at.parentElement) {
      if (at.matches('bdi, [dir]') || !/^inline$|contents/.test(getComputedStyle(at).display)) return at
    }
    return null
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    if (!turns.test(text.data) || text.parentElement.closest('script, option, textarea, title')) continue
    const holder = apart(text.parentElement)
    if (holder === document.documentElement || (!holder.matches('bdi, [dir]') && holder.textContent.trim() !== text.data.trim()))
      wrong.add(`${name(holder)} is turned by what is in it: ${short(text.data)}`)
  }

  for (const link of document.querySelectorAll('[href], [src], [action], [formaction]'))
    for (const key of ['href', 'src', 'action', 'formaction']) {
      const value = link.getAttribute(key)
      if (value === null) continue
      let scheme = 'none'
      try { scheme = new URL(value, document.baseURI).protocol } catch { /* not an address */ }
      if (!/^https?:$/.test(scheme) && !(link.localName === 'link' && scheme === 'data:'))
        wrong.add(`${name(link)} leads to ${short(value)}`)
    }
  for (const script of document.querySelectorAll('script:not([src])'))
    if (script.type !== 'application/json') wrong.add('a script stands in the page itself')

  const place = element => {
    if (!element) return null
    const box = element.getBoundingClientRect()
    return [box.left, box.width, box.height].map(Math.round)
  }
  return {kinds: [...kinds].sort(), wrong: [...wrong],
    frame: {header: place(document.querySelector('body > header')), footer: place(document.querySelector('body > footer'))}}
}
