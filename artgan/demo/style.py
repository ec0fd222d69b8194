"""How the pieces of the page look."""

STYLE = """
.shown {
  margin: 0;
  display: flex;
  flex-direction: column;
  gap: .5rem;
  align-items: center;
}
/* A small picture is enlarged, but not so far that it blurs. */
.shown img, .shown video {
  min-width: min(24rem, 100%);
  max-width: min(34rem, 100%);
  border-radius: .5rem;
  background: #8882;
}
.beside .shown img, #grid img, #curves img {
  width: 100%;
  min-width: 0;
  max-width: 100%;
}
.shown figcaption {
  font-size: .95rem;
  text-align: center;
}
.save {
  padding: .45rem .9rem;
  border: 1px solid currentColor;
  border-radius: .5rem;
  text-decoration: none;
  overflow-wrap: anywhere;
}
.save:hover, .save:focus-visible {
  text-decoration: underline;
}
.beside {
  display: flex;
  flex-wrap: wrap;
  gap: 1rem;
}
.beside > * {
  flex: 1 1 14rem;
}
.note {
  margin: .25rem 0;
  opacity: .85;
}
.problem {
  margin: .25rem 0;
  padding: .6rem .9rem;
  border-left: .3rem solid #b5532a;
  background: #b5532a1f;
  border-radius: .25rem;
}
.awaited {
  display: grid;
  place-items: center;
  min-height: 24rem;
  padding: 1rem;
  border: 2px dashed #8888;
  border-radius: .5rem;
  text-align: center;
}
.progress progress {
  width: 12rem;
  height: .75rem;
  appearance: none;
  border: 0;
  vertical-align: middle;
}
.progress progress, .progress ::-webkit-progress-bar {
  border-radius: .5rem;
  background: #8884;
}
.progress ::-webkit-progress-value {
  border-radius: .5rem;
  background: #2a6f97;
}
.progress ::-moz-progress-bar {
  border-radius: .5rem;
  background: #2a6f97;
}
.opened, .level {
  align-items: center;
}
.opened p {
  margin: 0;
}
#trouble:not(:has(p)) {
  display: none;
}
/* Gradio leaves the list of a dropdown open when Tab goes on from it. */
:not(:focus-within) > .options {
  display: none;
}
/* As many as there is room for: of a fixed number, a narrow window hides some. */
#thumbnails .grid-container {
  grid-template-columns: repeat(auto-fill, minmax(6rem, 1fr));
}
#thumbnails .grid-wrap {
  max-height: none;
}
#thumbnails .caption-label {
  padding: .1rem .4rem;
  font-size: .8rem;
}
/* Only a chosen thumbnail has a content here, and so a label. */
#thumbnails button::after {
  position: absolute;
  top: 0;
  left: 0;
  padding: 0 .4rem;
  font-size: .8rem;
  color: white;
}
#marked {
  display: none;
}
:focus-visible {
  outline: 3px solid var(--color-accent) !important;
  outline-offset: 2px;
}
[role="tab"]:focus-visible {
  outline-offset: -3px;
}
.dark {
  --color-accent: var(--primary-400);
}
"""
