select document.id
from document
where document.sha256 = $1
