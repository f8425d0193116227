select outcome from outcome where changeset_id = any($1)
