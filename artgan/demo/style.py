"""How the pieces of the page look."""

STYLE = """
.shown {
  margin: 0;
  display: flex;
  flex-direction: column;
  gap: .5rem;
  align-items: center;
}
.shown img, .shown video {
  width: 100%;
  max-width: 34rem;
  border-radius: .5rem;
  background: #8882;
}
#mixed .shown img {
  max-width: 26rem;
  image-rendering: auto;
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
.progress progress {
  width: 12rem;
  accent-color: #2a6f97;
  vertical-align: middle;
}
:focus-visible {
  outline: 3px solid #2a6f97 !important;
  outline-offset: 2px;
}
"""
